-- The shard that a script works on. Its keys carry the shard's hash tag, so a script may build the names it needs
-- from the prefix; keys.ts is the catalogue of them.

local PREFIX, LEDGER, TURNS, OUTCOMES
local mailbox_names
-- Makes a shard the one that the script works on.
local function enter(prefix)
  PREFIX, LEDGER, TURNS, OUTCOMES = prefix, prefix .. keys.ledger, prefix .. keys.turns, prefix .. keys.outcomes
  mailbox_names = {}
end

-- Additions to the ledger are summed up and written once, at the end of a script.
local added = {}
local function count(field, by) added[field] = (added[field] or 0) + by end
local function write_ledger()
  for field, by in pairs(added) do redis.call('HINCRBY', LEDGER, field, by) end
  added = {}
end

-- The time (epoch ms): of Redis' clock, unless the caller gives one, as tests do.
local function clock(given)
  if given then return given end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- The beginning of the keys of a target's mailbox.
local function mailbox_of(target)
  local name = mailbox_names[target] or PREFIX .. keys.mailbox .. target
  mailbox_names[target] = name
  return name
end

-- Channel and target of a member of the set of turns.
local function parse_member(member) return string.match(member, '^([^/]*)/(.*)$') end

-- The endpoint of a target name.
local function endpoint_of(target) return string.match(target, '^[^.]*') end

-- Splits a key of one policy and object into a bucket and the rest of the key. Keys that begin alike share a hash,
-- since Redis stores a small hash of small values in one piece, in a quarter of the memory of as many keys or members
-- of a set. 512 buckets are not too many for 1,000 keys, and with 200,000 each is still small; beyond that they only
-- take more memory.
local function bucket_of(key) return string.sub(key, 1, 1) .. string.byte(key, 2) % 8, string.sub(key, 2) end
