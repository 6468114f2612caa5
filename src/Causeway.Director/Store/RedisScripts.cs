namespace Causeway.Director.Store;

/// <summary>What Redis does as one step. Times are the server's own, in milliseconds, so that directors' clocks don't matter.</summary>
internal static class RedisScripts
{
    /// <summary>
    /// <see cref="Admission.GrantBook.Take"/>. Keys: grants, turns, bucket. Arguments: client, room, rate, burst, longest wait, lease, grace,
    /// most queued, wait if full. Gives the result's number, the wait and the grants outstanding.
    /// </summary>
    public const string Take = """
        local t = redis.call('TIME')
        local now = t[1] * 1000 + t[2] / 1000
        local client, room, rate, burst = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        local max_wait, lease, grace, max_queued, full_wait = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.3f', now))
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.3f', now - grace))
        local bucket = redis.call('HMGET', KEYS[3], 'tokens', 'filled', 'next')
        local next_turn = tonumber(bucket[3] or '0')
        local tokens = burst
        if bucket[1] then
          tokens = math.min(burst, tonumber(bucket[1]) + math.max(0, now - tonumber(bucket[2])) * rate / 1000)
        end
        local interval = 1000 / rate
        local outstanding = redis.call('ZCARD', KEYS[1])
        local code, wait = 0, 0
        local function grant()
          redis.call('ZADD', KEYS[1], string.format('%.3f', now + lease), client)
          redis.call('PEXPIRE', KEYS[1], math.ceil(lease * 2))
          outstanding = redis.call('ZCARD', KEYS[1])
        end
        local turn = tonumber(redis.call('ZSCORE', KEYS[2], client) or nil)
        if redis.call('ZSCORE', KEYS[1], client) then
          grant()
        elseif outstanding >= room then
          code, wait = 3, full_wait
        elseif ((turn and turn <= now) or (not turn and next_turn <= now)) and tokens >= 1 then
          tokens = tokens - 1
          redis.call('ZREM', KEYS[2], client)
          grant()
        elseif turn then
          if turn <= now then
            turn = now + interval * math.max(1 - tokens, 0.1)
            redis.call('ZADD', KEYS[2], string.format('%.3f', turn), client)
          end
          code, wait = 1, turn - now
        else
          local at = math.max(next_turn, now + interval * math.max(1 - tokens, 0))
          code, wait = 2, at - now
          if wait <= max_wait and redis.call('ZCARD', KEYS[2]) < max_queued then
            redis.call('ZADD', KEYS[2], string.format('%.3f', at), client)
            redis.call('PEXPIRE', KEYS[2], math.ceil(max_wait + grace * 2 + 600000))
            next_turn = at + interval
            code = 1
          end
        end
        redis.call('HSET', KEYS[3], 'tokens', string.format('%.6f', tokens), 'filled', string.format('%.3f', now), 'next', string.format('%.3f', next_turn))
        redis.call('PEXPIRE', KEYS[3], 3600000)
        return {code, math.ceil(wait), outstanding}
        """;

    /// <summary><see cref="Admission.GrantBook.Settle"/>. Key: grants. Arguments: client, time to settle.</summary>
    public const string Settle = """
        local t = redis.call('TIME')
        local at = t[1] * 1000 + t[2] / 1000 + tonumber(ARGV[2])
        local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
        if score and tonumber(score) > at then
          redis.call('ZADD', KEYS[1], string.format('%.3f', at), ARGV[1])
        end
        return 1
        """;

    /// <summary>Writes a document whose version is as expected. Key: the document. Arguments: expected version, body.</summary>
    public const string Write = """
        if tonumber(redis.call('HGET', KEYS[1], 'v') or '0') ~= tonumber(ARGV[1]) then
          return 0
        end
        redis.call('HSET', KEYS[1], 'v', string.format('%d', tonumber(ARGV[1]) + 1), 'b', ARGV[2])
        return 1
        """;

    /// <summary>Writes a document whose version is older. Key: the document. Arguments: version, body.</summary>
    public const string PutNewer = """
        if tonumber(redis.call('HGET', KEYS[1], 'v') or '0') >= tonumber(ARGV[1]) then
          return 0
        end
        redis.call('HSET', KEYS[1], 'v', ARGV[1], 'b', ARGV[2])
        return 1
        """;
}
