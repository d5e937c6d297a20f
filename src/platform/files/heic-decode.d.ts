declare module 'heic-decode' {
  interface Decoded {
    width: number;
    height: number;
    /** Four bytes a pixel: red, green, blue, opacity. */
    data: Uint8ClampedArray;
  }
  const decode: {
    all(input: { buffer: Uint8Array }): Promise<{ width: number; height: number; decode(): Promise<Decoded> }[]>;
  };
  export default decode;
}
