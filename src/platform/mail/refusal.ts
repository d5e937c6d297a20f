interface SmtpError {
  /** The three digits of the server's answer, when there was one. */
  responseCode?: number;
  response?: string;
  /** What the server was asked when it refused, such as "RCPT TO". */
  command?: string;
  message?: string;
}

/** Refusals of this letter itself. A 5xx at the greeting, at signing in or of our own address speaks of our settings: that is mended and tried again. */
const OF_THE_LETTER = ['RCPT TO', 'DATA'];
const LONGEST = 1000;

/** Whether a try to send was refused for good (RFC 5321, 4.2.1), and the server's words. */
export function refusalOf(error: unknown): { isFinal: boolean; words: string } {
  const { responseCode = 0, response, command = '', message } = (error ?? {}) as SmtpError;
  const isFinal = responseCode >= 500 && responseCode < 600 && OF_THE_LETTER.includes(command);
  const words = (response ?? message ?? String(error)).replace(/\p{Cc}+/gu, ' ').trim();
  return { isFinal, words: words.slice(0, LONGEST) || 'без объяснения' };
}
