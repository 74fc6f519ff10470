import { type Command, Option } from 'commander';

/** Options every command takes that works with an app, before or after its name. */
export interface GlobalOptions {
  readonly app?: string;
  readonly broker?: string;
  readonly resultBackend?: string;
}

export const appOption = (): Option =>
  new Option('-A, --app <module>', 'module that exports the app: app.ts, or app.ts:name').env(
    'WORKERTOOLBOX_APP',
  );

export const addGlobalOptions = (command: Command): Command =>
  command
    .addOption(appOption())
    .addOption(
      new Option('-b, --broker <url>', 'use this broker instead of the configured one').env(
        'WORKERTOOLBOX_BROKER',
      ),
    )
    .addOption(
      new Option('--result-backend <url>', 'use this result backend instead of the configured one').env(
        'WORKERTOOLBOX_RESULT_BACKEND',
      ),
    );

/** `--database`, which `up` hands to the programs it starts by the environment: an argument is seen by everybody. */
export const databaseOption = (description: string): Option =>
  new Option('--database <url>', description).env('WORKERTOOLBOX_DATABASE');
