import type { Channel, ChannelModel } from 'amqplib';

/** Opens a channel whose errors reach nobody but the operation they belong to: an unheard `error` event would throw. */
export async function openChannel(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel();
  channel.on('error', () => {});
  return channel;
}

/** Closes a channel, whatever state it is in. */
export async function closeChannel(channel: Channel): Promise<void> {
  // When the connection is lost meanwhile the client never answers the call, but it does tell of the end.
  const ended = new Promise<void>((resolve) => channel.once('close', resolve));
  await Promise.race([ended, channel.close().catch(() => {})]);
}

/** Runs `work` on a channel of its own: an operation the broker refuses closes the channel it came on. */
export async function withChannel<T>(
  model: ChannelModel,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = await openChannel(model);
  try {
    return await work(channel);
  } finally {
    await closeChannel(channel);
  }
}
