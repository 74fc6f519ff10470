import type { App } from '../app/index.js';
import { maskUrl, redact, ToolboxError } from '../base/index.js';
import { type Environment, processEnvironment } from './env.js';

export interface Sentry {
  /** Sends what is waiting, at most `timeoutMs` milliseconds (default 2000). */
  close(timeoutMs?: number): Promise<void>;
}

/**
 * Reports failed tasks and faults of the worker to Sentry when the variable SENTRY_DSN is set; SENTRY_ENVIRONMENT,
 * SENTRY_RELEASE and the SDK's other SENTRY_* variables are honoured by the SDK itself. Each event carries the task's name,
 * id, root id, queue and retries; arguments stay out, secrets are masked.
 *
 * @returns undefined when SENTRY_DSN is not set.
 * @throws DRIVER_MISSING when the package @sentry/node is not installed, CONFIG_INVALID when the DSN cannot be read.
 */
export async function setupSentry(
  app: Pick<App, 'signals'>,
  environment: Environment = processEnvironment(),
): Promise<Sentry | undefined> {
  const dsn = environment.SENTRY_DSN;
  if (dsn === undefined || dsn === '') return undefined;
  if (!/^https?:\/\/[^@/\s]+@[^/\s]+\/.+/.test(dsn)) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      'environment variable SENTRY_DSN: expected https://KEY@HOST/PROJECT',
      {
        fields: { key: 'SENTRY_DSN' },
      },
    );
  }
  const sdk = await loadSdk();
  sdk.init({
    dsn,
    ...(environment.SENTRY_ENVIRONMENT && { environment: environment.SENTRY_ENVIRONMENT }),
    ...(environment.SENTRY_RELEASE && { release: environment.SENTRY_RELEASE }),
    // Ending the process belongs to the command line; the SDK only reports.
    integrations: (defaults) =>
      defaults.filter(({ name }) => name !== 'OnUncaughtException' && name !== 'OnUnhandledRejection'),
    beforeSend: (event) => {
      for (const exception of event.exception?.values ?? []) {
        if (exception.value !== undefined) exception.value = maskUrl(exception.value);
      }
      return { ...event, ...(event.extra && { extra: redact(event.extra) as Record<string, unknown> }) };
    },
  });
  const disconnect = (['task_failure', 'task_internal_error'] as const).map((signal) =>
    app.signals.on(signal, ({ task, id, request, error, traceback }) => {
      sdk.withScope((scope) => {
        scope.setTags({
          task,
          task_id: id,
          root_id: request.rootId,
          queue: request.deliveryInfo.routing_key,
          signal,
        });
        scope.setExtras({ retries: request.retries, traceback });
        // One problem a task and error type, whatever its ids.
        scope.setFingerprint(['{{ default }}', task]);
        sdk.captureException(error);
      });
    }),
  );
  return {
    close: async (timeoutMs = 2000) => {
      for (const stop of disconnect) stop();
      await sdk.close(timeoutMs);
    },
  };
}

async function loadSdk() {
  try {
    return await import('@sentry/node');
  } catch (cause) {
    throw new ToolboxError(
      'DRIVER_MISSING',
      'SENTRY_DSN is set but @sentry/node is not installed: run `npm install @sentry/node`',
      {
        cause,
      },
    );
  }
}
