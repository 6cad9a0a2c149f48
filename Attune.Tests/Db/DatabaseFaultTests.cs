using System.Net.Sockets;
using Attune.Db.Faults;
using Npgsql;

namespace Attune.Tests.Db;

[TestFixture]
public sealed class DatabaseFaultTests
{
    [TestCase("25006", FaultKind.ReadOnly, true)]
    [TestCase("40001", FaultKind.Conflict, true)]
    [TestCase("40P01", FaultKind.Conflict, true)]
    [TestCase("57P01", FaultKind.Unreachable, true)]
    [TestCase("57P03", FaultKind.Unreachable, true)]
    [TestCase("53300", FaultKind.Unreachable, true)]
    [TestCase("58030", FaultKind.Unreachable, true)]
    [TestCase("08006", FaultKind.Unreachable, true)]
    [TestCase("57014", FaultKind.TimedOut, false)]
    [TestCase("23505", FaultKind.Duplicate, false)]
    [TestCase("23514", FaultKind.Unfit, false)]
    [TestCase("22021", FaultKind.Unfit, false)]
    [TestCase("54000", FaultKind.Unfit, false)]
    [TestCase("42P01", FaultKind.Other, false)]
    public void The_servers_answers_are_told_apart(string state, FaultKind kind, bool isPassing)
    {
        var error = new PostgresException("message", "ERROR", "ERROR", state);

        Assert.That((DatabaseFault.KindOf(error), DatabaseFault.IsPassing(error)), Is.EqualTo((kind, isPassing)));
    }

    [Test]
    public void A_server_that_does_not_answer_is_told_from_one_that_answers_late() => Assert.That(
        (Exception[])
        [
            new NpgsqlException("gone", new IOException()), new SocketException(), new IOException(),
            new NpgsqlException("late", new TimeoutException()), new TimeoutException(), new InvalidOperationException(),
        ],
        Is.EqualTo((FaultKind[])
            [FaultKind.Unreachable, FaultKind.Unreachable, FaultKind.Unreachable, FaultKind.TimedOut, FaultKind.TimedOut, FaultKind.Other])
            .Using<Exception, FaultKind>((error, kind) => DatabaseFault.KindOf(error) == kind));
}
