import type pg from 'pg';

export interface Statement {
  text: string;
  values: unknown[];
}

/** A pool that writes down what is asked of it. */
export function recording(pool: pg.Pool, log: Statement[]): pg.Pool {
  return new Proxy(pool, {
    get(target, property, receiver) {
      if (property !== 'connect') {
        const value = Reflect.get(target, property, receiver);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async () => {
        const client = await target.connect();
        return {
          query: (text: string, values: unknown[] = []) => {
            log.push({ text, values });
            return client.query(text, values);
          },
          release: () => client.release(),
        };
      };
    },
  });
}
