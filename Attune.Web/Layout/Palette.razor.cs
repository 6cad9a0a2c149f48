using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Attune.Web.Layout;

/// <summary>What the palette (palette.js) can be asked to go to, of the things that only the server knows.</summary>
public sealed partial class Palette
{
    private DotNetObjectReference<Palette>? _self;

    [Inject]
    public required IJSRuntime Js { get; init; }

    [Inject]
    public required KnownRefs Known { get; init; }

    [Inject]
    public required IWorkerRepository Workers { get; init; }

    [Inject]
    public required IPackRepository Packs { get; init; }

    [Inject]
    public required IJobs Jobs { get; init; }

    [Inject]
    public required SavedViewList Views { get; init; }

    [Inject]
    public required IEventRepository Events { get; init; }

    [Inject]
    public required IEnforcementRepository Enforcements { get; init; }

    [Inject]
    public required IExecutionRepository Executions { get; init; }

    // Pages that no entry of the menu leads to.
    private static IReadOnlyList<Entry> Places { get; } =
    [
        new("Failures, by their error", "Page", Urls.Failures),
        new("Jobs", "Page", Urls.Jobs),
        new("Saved views", "Page", Urls.Views),
        new("Rule health", "Page", Urls.RuleHealth),
        new("Events that fired nothing", "Page", Urls.Unmatched),
        new("New rule", "Page", Urls.BlankRule),
        new("New trigger", "Page", Urls.NewTrigger),
        new("New action", "Page", Urls.NewAction),
        new("New pack", "Page", Urls.NewPack),
    ];

    /// <summary>Everything that has a name.</summary>
    [JSInvokable("Names")]
    public async Task<IReadOnlyList<Entry>> NamesAsync()
    {
        var rules = await Known.RulesAsync(Leaving);
        var triggers = await Known.TriggersAsync(Leaving);
        var actions = await Known.ActionsAsync(Leaving);
        var workers = await Workers.ListAsync(new PageRequest { Size = PageRequest.MaxSize }, Leaving);
        return
        [
            .. rules.Select(rule => new Entry(rule, "Rule", Urls.Rule(rule))),
            .. triggers.Select(trigger => new Entry(trigger, "Trigger", Urls.Trigger(trigger))),
            .. actions.Select(action => new Entry(action, "Action", Urls.Action(action))),
            .. workers.Items.Select(worker => new Entry(worker.Name, "Worker", Urls.Worker(worker.Id))),
            .. (await Packs.ListAsync(Leaving)).Select(pack => new Entry(pack.Ref, "Pack", Urls.Pack(pack.Ref))),
            .. (await Views.ReadAsync(Leaving)).Select(view => new Entry(view.Name, "View", Urls.View(view))),
            .. Places,
        ];
    }

    /// <summary>The rows that have an id, of whatever kind they are.</summary>
    [JSInvokable("Find")]
    public async Task<IReadOnlyList<Entry>> FindAsync(long id)
    {
        var found = new List<Entry>();
        if (await Events.FindAsync(id, Leaving) is { } happened)
        {
            found.Add(new($"Event #{id}", happened.TriggerRef, Urls.Event(id)));
        }

        if (await Enforcements.ExistsAsync(id, Leaving))
        {
            found.Add(new($"Enforcement #{id}", "Enforcement", Urls.Enforcement(id)));
        }

        if (await Executions.FindAsync(id, Leaving) is { } execution)
        {
            found.Add(new($"Execution #{id}", execution.ActionRef, Urls.Execution(id)));
        }

        if (await Workers.FindAsync(id, Leaving) is { } worker)
        {
            found.Add(new($"Worker #{id}", worker.Name, Urls.Worker(id)));
        }

        if (await Jobs.FindAsync(id, Leaving) is not null)
        {
            found.Add(new($"Job #{id}", "Job", Urls.Job(id)));
        }

        return found;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            await Js.InvokeVoidAsync("attunePalette.attach", Leaving, _self);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _self?.Dispose();
    }

    /// <summary>Something to go to.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Kind">What it is.</param>
    /// <param name="Address">Relative to the base address.</param>
    public sealed record Entry(string Name, string Kind, string Address);
}
