// Most tests wait for a store, and use little of a core meanwhile.
[assembly: LevelOfParallelism(4)]
[assembly: Parallelizable(ParallelScope.Fixtures)]
