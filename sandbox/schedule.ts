/** The sandbox's time: what o'clock it is, and work put off until later. Tests pass one they advance by hand. */
export interface Schedule {
  now(): Date;
  /** Runs `task` once at `time`; a time already past means at the next opportunity. A task must not throw. */
  at(time: Date, task: () => void | Promise<void>): void;
  /** Drops everything that has not run yet. */
  stop(): void;
}

/** setTimeout turns longer delays into an immediate call. */
const LONGEST_TIMER = 2 ** 31 - 1;

export function wallClockSchedule(): Schedule {
  const timers = new Set<NodeJS.Timeout>();
  const schedule: Schedule = {
    now: () => new Date(),
    at(time, task) {
      const left = Math.max(0, time.getTime() - Date.now());
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          if (left > LONGEST_TIMER) schedule.at(time, task);
          else void task();
        },
        Math.min(left, LONGEST_TIMER),
      );
      timer.unref();
      timers.add(timer);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
  return schedule;
}

export interface ManualSchedule extends Schedule {
  /** Moves the clock and runs what falls due, in order of time, waiting for each to finish. */
  advance(milliseconds: number): Promise<void>;
}

/** A schedule that moves only when told to: nothing has to sleep to see what happens tomorrow. */
export function manualSchedule(start: Date): ManualSchedule {
  let now = start.getTime();
  let waiting: { time: number; task: () => void | Promise<void> }[] = [];
  return {
    now: () => new Date(now),
    at: (time, task) => void waiting.push({ time: time.getTime(), task }),
    stop: () => {
      waiting = [];
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const next = waiting.filter(({ time }) => time <= end).sort((a, b) => a.time - b.time)[0];
        if (!next) break;
        waiting = waiting.filter((entry) => entry !== next);
        now = Math.max(now, next.time);
        await next.task();
      }
      now = end;
    },
  };
}
