import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/translate.js';
import { Icon } from './icon.js';

interface DialogProps {
  readonly title: string;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A modal window: focus stays inside, Escape closes it, focus goes back to where it was. */
export function Dialog({ title, wide = false, onClose, children }: DialogProps): JSX.Element {
  const window = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    window.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={window}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === window.current) onClose();
      }}
    >
      <div class="dialog-room">
        <header class="dialog-head">
          <h2 id="dialog-title">{title}</h2>
          <button type="button" class="mark-button" aria-label={t('close')} onClick={onClose}>
            <Icon name="cross" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
