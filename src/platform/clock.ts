/** Time is an argument: whoever needs "now" is given a clock. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
