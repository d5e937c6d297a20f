import { z } from 'zod';

const port = z.int().min(0).max(65_535);
/**
 * The address people and programs see. It may differ from the listening host: a phone in the same network follows
 * redirects by it. No path, because issuer and pay pages stand at the root. Absent: the address really listened on.
 */
const publicUrl = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).pathname === '/' && !text.includes('?'), 'an origin without a path')
  .transform((text) => new URL(text).origin)
  .optional();

export const bankConfigSchema = z.object({
  port,
  publicUrl,
  shops: z
    .array(
      z.object({
        shopId: z.string().min(1),
        secretKey: z.string().min(1),
        name: z.string().min(1),
        /** Where notifications go; a shop without it has not subscribed. */
        webhookUrl: z.url({ protocol: /^https?$/ }).optional(),
      }),
    )
    .min(1),
});

export const identityConfigSchema = z.object({
  port,
  /** Also the issuer. */
  publicUrl,
  client: z.object({
    id: z.string().min(1),
    secret: z.string().min(1),
    redirectUris: z.array(z.url()).min(1),
    postLogoutRedirectUris: z.array(z.url()),
    /** How the client proves itself at the token endpoint; openid-client's own default is the body. */
    authMethod: z.enum(['client_secret_post', 'client_secret_basic']).default('client_secret_post'),
  }),
  /** JSON array of people in the form of `people.ts`; absent: the people built in. */
  peopleFile: z.string().optional(),
});

export const mailboxConfigSchema = z.object({ smtpPort: port, webPort: port, publicUrl });

export const sandboxConfigSchema = z.object({
  /** The address to listen on: 127.0.0.1, or 0.0.0.0 to be seen from a phone. */
  host: z.string().default('127.0.0.1'),
  dataDir: z.string().min(1),
  bank: bankConfigSchema,
  identity: identityConfigSchema,
  mailbox: mailboxConfigSchema,
});

interface Place {
  host: string;
  dataDir: string;
}

export type SandboxConfig = z.output<typeof sandboxConfigSchema>;
export type BankConfig = z.output<typeof bankConfigSchema> & Place;
export type IdentityConfig = z.output<typeof identityConfigSchema> & Place;
export type MailboxConfig = z.output<typeof mailboxConfigSchema> & Omit<Place, 'dataDir'>;
