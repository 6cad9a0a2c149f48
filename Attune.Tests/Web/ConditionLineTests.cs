using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Web.Json;

namespace Attune.Tests.Web;

[TestFixture]
public sealed class ConditionLineTests
{
    private static IEnumerable<string> Operators => ConditionOperators.Names.Split(", ");

    [TestCaseSource(nameof(Operators))]
    public void Every_operator_has_words(string name) =>
        Assert.That(ConditionLine.Word(name), name is "equals" or "contains" or "matches" ? Is.EqualTo(name) : Is.Not.EqualTo(name));
}
