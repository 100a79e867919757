-- needs: stats
-- Counts statistics of a spec, as the scripts of admission and settling do.

enter(args.prefix)
for i = counts.first, counts.last, counts.step do tally(counts[i].endpoint, counts[i].what, counts[i].by) end
write_tallies(clock(args.now))
return 1
