import type { ChannelOptions } from '@grpc/grpc-js';
import { DEFAULT_WIRE_LIMITS } from '../wire/limits.ts';

/**
 * Above the limit that the codec holds messages to, so that a message a little too large is refused by the codec, which says why and
 * counts it; only what is larger still is cut off by the transport.
 */
const TRANSPORT_MESSAGE_BYTES = DEFAULT_WIRE_LIMITS.maxMessageBytes + (1 << 20);

const BOTH_SIDES: ChannelOptions = {
  'grpc.enable_channelz': 0,
  'grpc.max_receive_message_length': TRANSPORT_MESSAGE_BYTES,
  'grpc.max_send_message_length': TRANSPORT_MESSAGE_BYTES,
  // The default window of 64 KiB would stop a digest of more than about 1,350 members for a round trip.
  'grpc-node.flow_control_window': 1 << 20,
};

export const SERVER_OPTIONS: ChannelOptions = {
  ...BOTH_SIDES,
  // A peer has one or two calls open at a time; each may hold a whole message in memory.
  'grpc.max_concurrent_streams': 8,
  // A connection is asked so often whether it still lives, and closed when it does not answer: one whose peer has vanished is of no use, but
  // does little harm. In a mesh of a hundred each node has a hundred, and most of them say nothing for minutes.
  'grpc.keepalive_time_ms': 1_800_000,
  'grpc.keepalive_timeout_ms': 10_000,
};

export const CLIENT_OPTIONS: ChannelOptions = {
  ...BOTH_SIDES,
  // Every client has connections of its own: a fresh one must not inherit a failing connection or its backoff.
  'grpc.use_local_subchannel_pool': 1,
  // The default backoff grows to two minutes, and would delay every healing by as much.
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.min_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // A gossip call is never repeated by the transport: the protocol decides what a failure means.
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  // A proxy variable of the host must not swallow gossip.
  'grpc.enable_http_proxy': 0,
};
