export type {
  Coordination,
  CoordinationContext,
  CoordinationFactory,
  CoordinationRegistry,
  LockAnswer,
  TurnAnswer,
} from './coordination.js';
export { MemoryCoordination } from './memory-coordination.js';
export { COORDINATION_TABLES_SQL } from './tables.js';
