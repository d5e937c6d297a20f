import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How a line to an outside service behaves: a silent one takes what is sent and never answers, a lying one answers nonsense. */
export const WEATHERS = ['slow', 'silent', 'resetting', 'lying'] as const;
export type Weather = 'good' | (typeof WEATHERS)[number];

const DELAY = 300;

/** A TCP line between the installation and a service outside, which can be bad for a while. */
export class Line {
  readonly port: number;
  private weather: Weather = 'good';
  private readonly server: Server;
  private readonly open = new Set<Socket>();

  private constructor(server: Server) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param lie what a lying service says to whoever calls */
  static async to(target: number, lie: string): Promise<Line> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const line = new Line(server);
    server.on('connection', (caller) => line.take(caller, target, lie));
    return line;
  }

  /** Whatever is under way when it gets bad is lost: its other end hears nothing more, or that it was cut. */
  turn(weather: Weather): void {
    this.weather = weather;
    if (weather === 'resetting') for (const socket of this.open) socket.resetAndDestroy();
  }

  private take(caller: Socket, target: number, lie: string): void {
    this.keep(caller);
    if (this.weather === 'resetting') return void caller.resetAndDestroy();
    if (this.weather === 'lying') return void caller.end(lie);
    const service = this.keep(connect(target, '127.0.0.1'));
    this.pass(caller, service);
    this.pass(service, caller);
  }

  private pass(from: Socket, to: Socket): void {
    let lost = false;
    from.on('data', (chunk) => {
      lost ||= this.weather === 'silent';
      if (lost) return;
      if (this.weather === 'slow') setTimeout(() => to.writable && to.write(chunk), DELAY);
      else to.write(chunk);
    });
    from.once('close', () => setTimeout(() => to.destroy(), this.weather === 'slow' ? DELAY * 2 : 0));
  }

  private keep(socket: Socket): Socket {
    this.open.add(socket);
    socket.on('error', () => undefined).once('close', () => this.open.delete(socket));
    return socket;
  }

  close(): void {
    for (const socket of this.open) socket.destroy();
    this.server.close();
  }
}
