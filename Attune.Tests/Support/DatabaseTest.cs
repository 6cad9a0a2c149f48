namespace Attune.Tests.Support;

/// <summary>Runs a fixture once on each engine, each time in a database of its own.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public abstract class DatabaseTest(DatabaseEngine engine) : DatabaseFixture(engine);

/// <summary>Runs a fixture on stock PostgreSQL only: for plans, which each engine makes in its own way.</summary>
[TestFixture]
public abstract class NativeDatabaseTest() : DatabaseFixture(DatabaseEngine.Native);
