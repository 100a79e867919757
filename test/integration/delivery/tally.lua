-- Counts what a spec says, as the scripts of admission and settling do.
--   ARGV 1 prefix, 2 time, then endpoint, what and how many, again and again
for i = 3, #ARGV, 3 do tally(ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])) end
write_tallies(clock(ARGV[2]))
return 1
