package chat

// DefaultSettings is the voip_settings JSON that devices are sent: of the real
// network's some 15 KB the keys that clients are known to read, with the
// values that it sends. All leaves are strings there too.
const DefaultSettings = `{"encode":{"use_mlow_codec_v1":"true","frame_ms":"60","complexity":"5","min_bitrate":"4200"},` +
	`"rc":{"target_bitrate":"24000","dtx":"1"},"rtcp_interval_ms":"1500",` +
	`"options":{"caller_timeout":"90","disable_p2p":"1","relay_ping_interval":"1000","relay_unresponsive_timeout":"4000",` +
	`"enable_call_duration_msg":"true"},"test":{"name":"","bucket_id_list":"117616,99772"}}`
