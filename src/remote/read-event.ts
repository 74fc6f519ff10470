import { type CeleryEvent, isRecord, type LamportClock, utcOffset } from '../bus/index.js';

/** An event as its receiver has it. */
export interface ReceivedEvent extends CeleryEvent {
  readonly clock: number;
  /** Unix seconds by the receiver's clock. */
  readonly local_received: number;
}

/**
 * Makes sense of what came (protocol section 9.1): brings both clocks together, and the timestamp into the receiver's
 * time zone. A producer's own clock says nothing: `task-sent` gets the receiver's. Undefined for what is no event.
 */
export function readEvent(
  value: unknown,
  { lamport, nowMs }: { readonly lamport: LamportClock; readonly nowMs: number },
): ReceivedEvent | undefined {
  if (!isRecord(value) || typeof value.type !== 'string') return undefined;
  const { timestamp, utcoffset, type } = value;
  const clock = clockOf(value, lamport);
  const local =
    typeof timestamp === 'number' && typeof utcoffset === 'number'
      ? timestamp - (utcoffset - utcOffset(nowMs)) * 3600
      : timestamp;
  return { ...value, type, clock, timestamp: local, local_received: nowMs / 1000 } as ReceivedEvent;
}

function clockOf(value: Readonly<Record<string, unknown>>, lamport: LamportClock): number {
  if (value.type === 'task-sent') {
    const before = (lamport.value || 1) - 1;
    lamport.adjust(before);
    return before;
  }
  if (typeof value.clock !== 'number') return lamport.forward();
  lamport.adjust(value.clock);
  return value.clock;
}
