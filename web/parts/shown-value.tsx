import type { JSX } from 'preact';
import type { ShownValue } from '../../src/platform/views/index.js';
import { formatBytes } from '../format/duration.js';
import { t } from '../i18n/translate.js';
import { href } from '../routing/location.js';
import { Foreign } from './foreign.js';
import { Icon } from './icon.js';
import { ValueTree } from './value-tree.js';

/** A foreign value: as a tree; what could not be read as its bytes; what is long, cut, with the whole to download. */
export function ShownValueView({ value, download }: { value: ShownValue; download: string }): JSX.Element {
  return (
    <div class="value">
      {value.undecodable !== null ? (
        <>
          <p class="callout warn">
            <Icon name="warning" />
            <span>
              {t('value.undecodable')} <Foreign text={value.undecodable.reason} />
            </span>
          </p>
          <HexView hex={value.undecodable.hex} />
        </>
      ) : (
        <div class="v-root">
          <ValueTree value={value.json} />
        </div>
      )}
      <p class="value-foot">
        <span>{formatBytes(value.bytes)}</span>
        {value.truncated && <span>{t('value.truncated')}</span>}
        <a href={href(`/api/v1${download}`)} download>
          <Icon name="download" />
          {t('value.download')}
        </a>
      </p>
    </div>
  );
}

const ROW = 16;
const ROWS = 256;

/** Bytes as a hex editor shows them: offset, hex, text. */
export function HexView({ hex }: { hex: string }): JSX.Element {
  const bytes = hex.match(/../g) ?? [];
  const rows = Math.min(ROWS, Math.ceil(bytes.length / ROW));
  const lines = Array.from({ length: rows }, (_, row) => {
    const part = bytes.slice(row * ROW, (row + 1) * ROW);
    const text = part.map((byte) => {
      const code = Number.parseInt(byte, 16);
      return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
    });
    const offset = (row * ROW).toString(16).padStart(6, '0');
    return `${offset}  ${part.join(' ').padEnd(ROW * 3)} ${text.join('')}`;
  });
  return <pre class="code hex">{lines.join('\n')}</pre>;
}
