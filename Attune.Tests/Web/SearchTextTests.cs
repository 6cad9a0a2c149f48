using Attune.Modules.Enforcements;
using Attune.Tests.Web.Fakes;
using Attune.Web.Search;

namespace Attune.Tests.Web;

public sealed class SearchTextTests
{
    private static readonly IReadOnlyList<SampledPath> Paths =
    [
        Path("repository.full_name", "text", "\"acme/api\"", "\"acme/web\""), Path("total", "number", "5", "500"),
        Path("labels", "list"), Path("draft", "boolean", "true"),
    ];

    // The caret is where the bar is.
    [TestCase("|", "repository.full_name", "total")]
    [TestCase("rep|", "repository.full_name")]
    [TestCase("NAME|", "repository.full_name")]
    [TestCase("total > 5 and dra|", "draft")]
    [TestCase("not (tot|", "total")]
    [TestCase("any lab|", "labels")]
    [TestCase("total |", "==", "!=", ">")]
    [TestCase("labels not |", "contains")]
    [TestCase("total >|", ">=")]
    [TestCase("repository.full_name == |", "\"acme/api\"", "\"acme/web\"")]
    [TestCase("repository.full_name == \"acme/w|", "\"acme/web\"")]
    [TestCase("total between |", "5", "500")]
    [TestCase("total between 5 and |", "5", "500")]
    [TestCase("total == 5 |", "and", "or")]
    [TestCase("draft exists |", "and", "or")]
    [TestCase("(total == 5) o|", "or")]
    public void What_can_stand_at_the_caret_is_suggested(string text, params string[] first)
    {
        var options = Options(text).Select(option => option.Insert).ToList();

        Assert.That(options.Take(first.Length), Is.EqualTo(first), string.Join(" | ", options));
    }

    [TestCase("labels |", ">")]
    [TestCase("total |", "starts_with")]
    [TestCase("total == 5 |", "total")]
    [TestCase("repository.full_name == \"acme|", "and")]
    public void What_cannot_stand_there_is_not(string text, string option) =>
        Assert.That(Options(text).Select(one => one.Insert), Has.None.EqualTo(option));

    [TestCase("rep| == 1", "repository.full_name == 1", 21)]
    [TestCase("total > 5 and dr|", "total > 5 and draft ", 20)]
    [TestCase("repository.full_name == \"a|", "repository.full_name == \"acme/api\" ", 35)]
    public void An_option_takes_the_place_of_what_was_typed_and_leaves_the_rest(string text, string expected, int caret)
    {
        var bare = text.Replace("|", "", StringComparison.Ordinal);

        Assert.That(SearchText.Take(bare, Options(text)[0]), Is.EqualTo((expected, caret)));
    }

    [Test]
    public void Whatever_is_typed_nothing_fails()
    {
        const string text = "a[\"x] == 'it\\'s' and (b in [1, {\"c\": \"]\"}] or not c.d between 1 and ≥ \ud83d\" \\";

        for (var caret = -1; caret <= text.Length + 1; caret++)
        {
            foreach (var option in SearchText.Options(text, caret, Paths))
            {
                Assert.That(SearchText.Take(text, option).Text, Does.Contain(option.Insert));
            }
        }
    }

    private static IReadOnlyList<SearchSuggestion> Options(string text) =>
        SearchText.Options(text.Replace("|", "", StringComparison.Ordinal), text.IndexOf('|', StringComparison.Ordinal), Paths);

    private static SampledPath Path(string path, string type, params string[] examples) => new()
    {
        Path = path, Types = [type], Examples = [.. examples.Select(FakeAttune.Json)], Rows = 1,
    };
}
