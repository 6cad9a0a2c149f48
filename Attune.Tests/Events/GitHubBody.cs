using System.Text.Json;
using Bogus;

namespace Attune.Tests.Events;

/// <summary>Webhook bodies in the shape of GitHub's, with what people write in commits and issues: markup, quotes, other scripts.</summary>
internal static class GitHubBody
{
    private static readonly string[] Awkward =
    [
        "<script>alert('xss')</script>", "<img src=x onerror=\"alert(1)\">", "{{ event.payload.secret }}", "'; DROP TABLE event; --",
        "Größe ändern & \"quoted\" \\ backslash", "emoji 🚀🏳️‍🌈 and 漢字", "line one\nline two\ttabbed", "100% ${jndi:ldap://x} %00 \u0001",
        "</pre></div>",
    ];

    /// <summary>A push with so many commits; about a kilobyte each.</summary>
    public static byte[] Push(int commits, int seed = 1)
    {
        var fake = new Faker { Random = new Randomizer(seed) };
        var owner = Person(fake);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            Ref = "refs/heads/main",
            Before = Sha(fake),
            After = Sha(fake),
            Repository = new
            {
                Id = fake.Random.Long(1, 900_000_000),
                Name = fake.Hacker.Noun(),
                FullName = $"{fake.Internet.UserName()}/{fake.Hacker.Noun()}",
                Private = false,
                Owner = owner,
                Description = fake.PickRandom(Awkward),
                Topics = fake.Make(4, () => fake.Hacker.Noun()),
                License = (string?)null,
                StargazersCount = fake.Random.Int(0, 50_000),
                Score = fake.Random.Double(),
            },
            Pusher = owner,
            Commits = Enumerable.Range(0, commits).Select(_ => new
            {
                Id = Sha(fake),
                Message = $"{fake.Hacker.Phrase()}\n\n{fake.PickRandom(Awkward)}",
                Timestamp = fake.Date.RecentOffset(refDate: new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero)),
                Author = Person(fake),
                Added = fake.Make(4, () => fake.System.FilePath()),
                Removed = Array.Empty<string>(),
                Modified = fake.Make(8, () => fake.System.FilePath()),
                Distinct = fake.Random.Bool(),
            }).ToArray(),
        }, Json.Options);
    }

    private static object Person(Faker fake) => new
    {
        Login = fake.Internet.UserName(),
        Name = fake.Name.FullName(),
        Email = fake.Internet.Email(),
        Id = fake.Random.Int(1, 90_000_000),
        AvatarUrl = fake.Internet.Avatar(),
        SiteAdmin = false,
    };

    private static string Sha(Faker fake) => fake.Random.Hexadecimal(40, "");
}
