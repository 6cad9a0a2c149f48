using Attune.Modules.History;
using Attune.Web.Pages.Storage;
using Bunit;

namespace Attune.Tests.Web;

public sealed class StoragePageTests : PageTest
{
    [Test]
    public void What_compression_has_made_of_a_table_and_of_each_part_is_said()
    {
        Storage.Tables.Add(Table("event", Part(2, 1_500_000, new(12_000_000, 1_400_000)), Part(1, 700_000, null)));

        var page = Open<StoragePage>();

        Assert.That(page.Find(".kept").TextContent, Does.Contain("1 compressed: 12 MB before, 1.4 MB now (8.6 : 1)"));
        Assert.That(page.Find("rect.compressed title").TextContent, Does.Contain("12 MB before, 1.4 MB now (8.6 : 1)"));
        Assert.That(page.FindAll(".parts"), Is.Empty, "the parts are folded");
        var button = page.FindAll("button").Single(one => one.TextContent.Trim() == "Parts");
        button.Click();
        Assert.That(
            page.FindAll(".parts tbody tr").Select(row => string.Join('|', row.QuerySelectorAll("td").Skip(1).Select(cell => cell.TextContent))),
            Is.EqualTo((string[])["700 kB|–|–|part_1", "1.5 MB|12 MB|8.6 : 1|part_2"]), "the newest first");
        page.FindAll("button").Single(one => one.TextContent.Trim() == "Parts").Click();
        Assert.That(page.FindAll(".parts"), Is.Empty);
    }

    [Test]
    public void Where_nothing_is_compressed_nothing_is_said_of_compression()
    {
        Storage.Tables.Add(Table("event", Part(1, 700_000, null)));
        Storage.Tables.Add(Table("audit"));

        var page = Open<StoragePage>();
        page.FindAll("button").Single(one => one.TextContent.Trim() == "Parts").Click();

        Assert.That(page.Markup, Does.Not.Contain("ompress").And.Not.Contain(">Ratio<"));
        Assert.That(page.FindAll(".parts th").Select(head => head.TextContent), Is.EqualTo((string[])["From", "Size", "Name"]));
    }

    [Test]
    public void Pinned_events_are_counted_and_lead_to_their_list()
    {
        Pins.Add(Attune.AddEvent(), """{"some": "copy"}""");

        var link = Open<StoragePage>().Find("a[href='events/pinned']");

        Assert.That(link.TextContent, Is.EqualTo("1"));
        Assert.That(link.ParentElement!.TextContent, Does.Contain("16 B"));
    }

    private StorageTable Table(string name, params StoragePart[] parts) => new()
    {
        Name = name, Width = TimeSpan.FromDays(1), Keep = TimeSpan.FromDays(90), CompressAfter = TimeSpan.FromDays(7),
        Bytes = parts.Sum(part => part.Bytes), NextDrop = Now.AddDays(80), Parts = parts,
        Compression = parts.Select(part => part.Compression).FirstOrDefault(one => one is not null),
    };

    private StoragePart Part(int daysAgo, long bytes, StorageCompression? compression) => new(
        $"part_{daysAgo}", Now.AddDays(-daysAgo), Now.AddDays(1 - daysAgo), bytes, compression is not null, compression);
}
