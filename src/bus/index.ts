export type {
  Bus,
  BusContext,
  BusFactory,
  BusRegistry,
  BusSettings,
  EventBatch,
  ReplyBox,
  Subscription,
} from './bus.js';
export {
  type ControlRequest,
  isRecord,
  REVOKE_HOLDS_SECONDS,
  type ReceivedReply,
  type ReceivedRequest,
  type ReplyAddress,
} from './control-request.js';
export { type CeleryEvent, eventGroup, eventKey, utcOffset } from './event.js';
export { LamportClock } from './lamport-clock.js';
export { globMatches, isAddressedTo } from './matches-node.js';
export { PidboxBus } from './pidbox/pidbox-bus.js';
export { BUS_TABLES_SQL } from './tables.js';
