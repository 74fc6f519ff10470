import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import type * as providers from '@aws-sdk/credential-providers';
import { messageOf, ToolboxError } from '../../base/index.js';
import type { SqsOptions } from './options/sqs-options.js';

/** What the SDK's clients take. */
export type Credentials = NonNullable<SQSClientConfig['credentials']>;

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

type Providers = Pick<typeof providers, 'fromTemporaryCredentials'>;

/** Loads the package that assumes roles. Throws DRIVER_MISSING naming the command that installs it. */
export async function loadProviders(
  load: () => Promise<Providers> = () => import('@aws-sdk/credential-providers'),
): Promise<Providers> {
  try {
    return await load();
  } catch (cause) {
    throw new ToolboxError(
      'DRIVER_MISSING',
      `sts_role_arn needs a package of the AWS SDK: npm install @aws-sdk/credential-providers (${messageOf(cause)})`,
      { cause, fields: { package: '@aws-sdk/credential-providers' } },
    );
  }
}

/** The credentials of the URL, or the role they or the environment may assume; undefined leaves it to the SDK's own search. */
export async function credentialsOf(
  options: SqsOptions,
  pair: KeyPair | undefined,
): Promise<Credentials | undefined> {
  const {
    sts_role_arn: RoleArn,
    sts_token_timeout,
    sts_token_buffer_time,
    sts_endpoint_url,
    region,
  } = options;
  if (RoleArn === undefined) return pair;
  const { fromTemporaryCredentials } = await loadProviders();
  const assume = fromTemporaryCredentials({
    // The session's name is kombu's: policies may ask for it.
    params: { RoleArn, RoleSessionName: 'Celery', DurationSeconds: sts_token_timeout },
    ...(pair === undefined ? {} : { masterCredentials: pair }),
    clientConfig: {
      ...(region === undefined ? {} : { region }),
      ...(sts_endpoint_url === undefined ? {} : { endpoint: sts_endpoint_url }),
    },
  });
  return async (context) => {
    const { expiration, ...session } = await assume(context);
    if (expiration === undefined) return session;
    return { ...session, expiration: new Date(expiration.getTime() - sts_token_buffer_time * 1000) };
  };
}
