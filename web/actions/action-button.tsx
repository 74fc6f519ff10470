import type { JSX } from 'preact';
import type { ActionName, Role } from '../../src/platform/views/index.js';
import { mayAct } from '../client/session.js';
import { t } from '../i18n/translate.js';
import { Icon, type IconName } from '../parts/icon.js';
import { ROLE_OF } from './roles.js';

interface Props {
  readonly action: ActionName;
  readonly icon: IconName;
  readonly label?: string;
  readonly danger?: boolean;
  readonly primary?: boolean;
  /** Why it cannot be done now, whoever asks. */
  readonly barred?: string | undefined;
  readonly onClick: () => void;
}

export const roleReason = (role: Role): string => t('needs.role', { role: t(`role.${role}`) });

/** A button for an action: where the person may not, it says which role may. */
export function ActionButton({
  action,
  icon,
  label,
  danger = false,
  primary = false,
  barred,
  onClick,
}: Props): JSX.Element {
  const needed = ROLE_OF[action];
  const why = mayAct(needed) ? barred : roleReason(needed);
  const look = danger ? 'button danger-quiet' : primary ? 'button primary' : 'button';
  return (
    <button
      type="button"
      class={look}
      data-action={action}
      aria-disabled={why !== undefined}
      {...(why === undefined ? {} : { title: why, 'aria-description': why })}
      onClick={() => {
        if (why === undefined) onClick();
      }}
    >
      <Icon name={icon} />
      {label ?? t(`action.${action}`)}
    </button>
  );
}
