export { broadcast, busOf, type ControlOptions, type Replies } from './broadcast.js';
export { type Answer, type Control, createControl, type RevokeOptions } from './control.js';
export { EventDispatcher } from './event-dispatcher.js';
export { isOfBus, newInstance } from './instance.js';
export { type ReceivedEvent, readEvent } from './read-event.js';
export { type ReceiveEventsOptions, receiveEvents } from './receive-events.js';
export { SOFTWARE } from './software.js';
export { taskSentFields } from './task-sent.js';
