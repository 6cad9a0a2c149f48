using System.Text.Json;
using Bogus;

namespace Attune.Tests.Support;

/// <summary>Bodies of the size and shape that GitHub sends, with text in them that looks like markup and like templates.</summary>
internal static class GitHubBodies
{
    /// <summary>A push of some commits; forty of them come to about 30 kB.</summary>
    public static string Push(string branch, int commits = 40, int seed = 1)
    {
        var faker = new Faker { Random = new Randomizer(seed) };
        return JsonSerializer.Serialize(new
        {
            @ref = $"refs/heads/{branch}",
            before = faker.Random.Hexadecimal(40, ""),
            after = faker.Random.Hexadecimal(40, ""),
            number = seed,
            repository = new
            {
                id = faker.Random.Long(1),
                full_name = "octo/hello-world",
                description = "<script>document.title = 'owned'</script> & <b>bold</b> {{ event.id }}",
                stargazers_count = 3.0,
            },
            pusher = new { name = "Åse \"Ada\" Ødegård 🚀", email = faker.Internet.Email() },
            commits = Enumerable.Range(0, commits).Select(_ => new
            {
                id = faker.Random.Hexadecimal(40, ""),
                message = $"</pre><img src=x onerror=\"document.title='owned'\"> {faker.Lorem.Sentences(4)}",
                timestamp = faker.Date.RecentOffset().ToString("O"),
                author = new { name = faker.Name.FullName(), email = faker.Internet.Email() },
                added = faker.Make(4, () => faker.System.FilePath()),
            }),
        });
    }
}
