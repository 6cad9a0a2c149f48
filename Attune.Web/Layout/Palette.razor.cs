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
    public required IEventRepository Events { get; init; }

    [Inject]
    public required IEnforcementRepository Enforcements { get; init; }

    [Inject]
    public required IExecutionRepository Executions { get; init; }

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
            .. actions.Select(action => new Entry(
                action, "Executions of action", AddressQuery.Empty.With("action", action).At(Urls.Executions))),
            .. workers.Items.Select(worker => new Entry(worker.Name, "Worker", Urls.Worker(worker.Id))),
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
