/** The topic layout of the architecture: a work queue and the platform queue. */
export const TOPIC = {
  task_queues: [
    { name: 'bench', exchange: { name: 'bench_topic', type: 'topic' }, routingKey: 'bench' },
    { name: 'platform', exchange: { name: 'bench_topic', type: 'topic' }, routingKey: '#', tap: true },
  ],
  task_default_exchange: 'bench_topic',
  task_default_exchange_type: 'topic',
  task_default_routing_key: 'bench',
};
