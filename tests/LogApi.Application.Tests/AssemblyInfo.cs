// Mocks are fields of the fixtures: each test gets its own.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
