import type { Settings, SettingsInput } from '../app/index.js';
import { type Celery, type Logging, type LogLines, setupLogging } from '../toolbox/index.js';
import type { CliContext } from './context.js';
import { loadApp, loadModules } from './load-app.js';
import type { GlobalOptions } from './options/global-options.js';
import type { LogOptions } from './options/log-options.js';

/** The app named by `-A`, with what the command line says about broker and result backend, and `more` settings. */
export async function appFrom(options: GlobalOptions, more: SettingsInput = {}): Promise<Celery> {
  const app = await loadApp(options.app);
  const overrides = {
    ...more,
    ...(options.broker !== undefined && { broker_url: options.broker }),
    ...(options.resultBackend !== undefined && { result_backend: options.resultBackend }),
  };
  if (Object.keys(overrides).length > 0) app.configFromObject(overrides);
  app.signals.on('import_modules', () => loadModules([...app.conf.imports, ...app.conf.include]));
  return app;
}

/** The logging of an app's program, after its settings and as the listeners of its signals want it. */
export async function startAppLogging(
  app: Celery,
  options: LogOptions,
  context: CliContext,
): Promise<Logging> {
  const { signals, conf } = app;
  const { loglevel } = options;
  if (signals.has('setup_logging')) {
    await signals.send('setup_logging', { loglevel });
    return { logger: app.logger, close: () => Promise.resolve() };
  }
  const { logger, close } = startLogging(app.name, options, context, conf);
  app.logger = logger;
  await signals.send('after_setup_logger', { loglevel, logger });
  await signals.send('after_setup_task_logger', { loglevel, logger });
  return { logger: app.logger, close };
}

export function startLogging(
  name: string,
  { loglevel, logDir, json }: LogOptions,
  { err }: CliContext,
  conf?: Settings,
): Logging {
  return setupLogging({
    name,
    level: loglevel,
    format: json ? 'json' : 'text',
    console: err,
    ...(logDir !== undefined && { directory: logDir }),
    ...(conf !== undefined && { lines: linesOf(conf) }),
    ...(typeof conf?.worker_log_color === 'boolean' && { colour: conf.worker_log_color }),
  });
}

const linesOf = (conf: Settings): LogLines => ({
  log_format: conf.worker_log_format,
  log_datefmt: conf.worker_log_datefmt,
  task_log_format: conf.worker_task_log_format,
  task_log_datefmt: conf.worker_task_log_datefmt,
});
