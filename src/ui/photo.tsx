interface PhotoProps {
  src: string;
  alt: string;
  width: number;
  height: number;
}

/** A picture; where the reader switched pictures off, its words stand instead. */
export function Photo({ src, alt, width, height }: PhotoProps) {
  return (
    <span class="photo">
      <img src={src} alt={alt} width={width} height={height} loading="lazy" decoding="async" />
      <span class="photo__words">Изображение: {alt}</span>
    </span>
  );
}
