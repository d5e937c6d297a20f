import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Running {
  /** The public address, without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

const BODY_LIMIT = 256 * 1024;

export class TooLarge extends Error {}

/** The whole body as text. @throws TooLarge past 256 KiB */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await readBody(request));
}

/** Starts listening and answers the address: `publicUrl`, or what the system gave when the port was 0. */
export async function listen(server: Server, host: string, port: number, publicUrl?: string): Promise<string> {
  // One request a connection: a client that pools connections never meets a dead one after a restart of the sandbox.
  server.maxRequestsPerSocket = 1;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return publicUrl ?? `http://${addressName(server.address() as AddressInfo)}`;
}

/** «0.0.0.0» is not an address one can open. */
export function addressName({ address, family, port }: AddressInfo): string {
  const any = address === '0.0.0.0' || address === '::';
  const name = any ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `${name}:${port}`;
}

export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store', 'content-length': 0 }).end();
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(JSON.stringify(body));
}
