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

/**
 * RFC 3463: 5.7.x speaks of a policy (a list of spammers, a quota of ours), 5.2.2 of a full mailbox; neither says that nobody is there.
 */
const NOT_OF_ADDRESS = /^5\d\d[ -]5\.(7\.|2\.2\b)/;

/** Whether a try to send was refused for good (RFC 5321, 4.2.1), whether because there is no such mailbox, and the server's words. */
export function refusalOf(error: unknown): { isFinal: boolean; isOfAddress: boolean; words: string } {
  const { responseCode = 0, response, command = '', message } = (error ?? {}) as SmtpError;
  const isFinal = responseCode >= 500 && responseCode < 600 && OF_THE_LETTER.includes(command);
  const isOfAddress = isFinal && command === 'RCPT TO' && !NOT_OF_ADDRESS.test(response ?? '');
  const words = (response ?? message ?? String(error)).replace(/\p{Cc}+/gu, ' ').trim();
  return { isFinal, isOfAddress, words: words.slice(0, LONGEST) || 'без объяснения' };
}
