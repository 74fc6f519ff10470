import type { JSX } from 'preact';
import { shortId } from '../../format/ids.js';
import { t } from '../../i18n/translate.js';
import { CopyMark } from '../../parts/buttons.js';
import { PageHead } from '../../parts/page.js';
import { taskPath } from '../../routing/location.js';
import { FamilyPanel } from './family-panel.js';

export function Tree({ root }: { root: string }): JSX.Element {
  return (
    <>
      <PageHead
        title={`${t('tasks.family')} ${shortId(root)}`}
        back={{ to: taskPath(root), label: t('family.root') }}
        note={
          <>
            <code>{root}</code> <CopyMark text={root} />
          </>
        }
      />
      <FamilyPanel id={root} />
    </>
  );
}
