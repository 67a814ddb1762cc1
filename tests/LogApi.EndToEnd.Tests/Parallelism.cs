// Most tests wait, for a process to start or a lease to end, and use little of a core meanwhile.
[assembly: LevelOfParallelism(4)]
[assembly: Parallelizable(ParallelScope.Fixtures)]
