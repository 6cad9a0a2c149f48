using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Jobs;

/// <summary>Which items of a job are shown.</summary>
public sealed record JobItemsFilter : IPageFilter<JobItemsFilter>
{
    /// <summary>What became of them; null for all.</summary>
    public JobOutcome? Outcome { get; init; }

    public static JobItemsFilter Parse(AddressQuery query) => new()
    {
        Outcome = query.Read("outcome", EnumNames.Find<JobOutcome>, $"one of {string.Join(", ", EnumNames.All<JobOutcome>())}"),
    };

    public AddressQuery ToQuery() => AddressQuery.Empty.With("outcome", Outcome is { } outcome ? EnumNames.Of(outcome) : null);

    /// <summary>The page of a job, so filtered.</summary>
    public string Address(long id) => ToQuery().At(Urls.Job(id));
}
