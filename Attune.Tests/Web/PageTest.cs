using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Tests.Web.Fakes;
using Attune.Web;
using Attune.Web.Shared;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;

namespace Attune.Tests.Web;

/// <summary>Draws pages as a browser's circuit would, from modules that are kept in memory.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class PageTest : IAsyncDisposable
{
    private readonly BunitContext _context = new();

    protected PageTest()
    {
        Attune = new FakeAttune(Clock);
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.JSInterop.SetupModule("./_content/Attune.Web/attune.js").Mode = JSRuntimeMode.Loose;
        var charts = _context.JSInterop.SetupModule("./_content/Attune.Web/charts.js");
        charts.Mode = JSRuntimeMode.Loose;
        charts.Setup<int>("start", _ => true).SetResult(1044);
        _context.JSInterop.SetupModule("./_content/Attune.Web/search.js").Mode = JSRuntimeMode.Loose;
        _context.JSInterop.SetupModule("./_content/Attune.Web/json.js").Mode = JSRuntimeMode.Loose;
        _context.Services.AddPageServices();
        _context.Services.AddFakeAttune(Attune);
        _context.Render<MudPopoverProvider>();
    }

    /// <summary>Passes when a test says so. Only what the pages show hangs on it: they hear of changes in real time.</summary>
    protected FakeTimeProvider Clock { get; } = new(new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero));

    protected DateTimeOffset Now => Clock.GetUtcNow();

    protected FakeAttune Attune { get; }

    protected FakeEvents Events => _context.Services.GetRequiredService<FakeEvents>();

    protected FakeEnforcements Enforcements => _context.Services.GetRequiredService<FakeEnforcements>();

    protected FakeExecutions Executions => _context.Services.GetRequiredService<FakeExecutions>();

    protected FakeDurations Durations => _context.Services.GetRequiredService<FakeDurations>();

    protected FakeHistograms Histograms => _context.Services.GetRequiredService<FakeHistograms>();

    protected FakeExplainer Explainer => _context.Services.GetRequiredService<FakeExplainer>();

    protected FakeBacktester Backtester => _context.Services.GetRequiredService<FakeBacktester>();

    protected FakeReplays Replays => _context.Services.GetRequiredService<FakeReplays>();

    protected FakeFailures Failures => _context.Services.GetRequiredService<FakeFailures>();

    protected FakeRetention Retention => _context.Services.GetRequiredService<FakeRetention>();

    protected FakeValues Values => _context.Services.GetRequiredService<FakeValues>();

    protected FakeExecutionLog Log => _context.Services.GetRequiredService<FakeExecutionLog>();

    protected FakePins Pins => _context.Services.GetRequiredService<FakePins>();

    protected FakeStorage Storage => _context.Services.GetRequiredService<FakeStorage>();

    protected FakeRules Rules => _context.Services.GetRequiredService<FakeRules>();

    protected FakeInsights Insights => _context.Services.GetRequiredService<FakeInsights>();

    protected FakeTrials Trials => _context.Services.GetRequiredService<FakeTrials>();

    protected FakeViews Views => _context.Services.GetRequiredService<FakeViews>();

    private protected IViewCounts Counts => _context.Services.GetRequiredService<IViewCounts>();

    protected FakeSearch Search => _context.Services.GetRequiredService<FakeSearch>();

    protected FakeHealth Health => _context.Services.GetRequiredService<FakeHealth>();

    protected FakeWebhooks Webhooks => _context.Services.GetRequiredService<FakeWebhooks>();

    protected NavigationManager Navigation => _context.Services.GetRequiredService<NavigationManager>();

    /// <summary>Scripts that a page asks for answer nothing, unless a test says what.</summary>
    protected BunitJSInterop Scripts => _context.JSInterop;

    /// <summary>Where messages stand that pass.</summary>
    protected ISnackbar Messages => _context.Services.GetRequiredService<ISnackbar>();

    /// <summary>The address without its beginning.</summary>
    protected string Address => Navigation.ToBaseRelativePath(Navigation.Uri);

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what is open, as when the reader goes elsewhere.</summary>
    protected Task LeaveAsync() => _context.DisposeComponentsAsync();

    protected IRenderedComponent<TPage> Open<TPage>(Action<ComponentParameterCollectionBuilder<TPage>>? parameters = null)
        where TPage : IComponent => _context.Render(parameters);

    protected IRenderedComponent<TPage> OpenAt<TPage>(string address, Action<ComponentParameterCollectionBuilder<TPage>>? parameters = null)
        where TPage : IComponent
    {
        Navigation.NavigateTo(address);
        return _context.Render(parameters);
    }

    protected Trigger AddTrigger(string reference, string? webhookKey = null, bool enabled = true) => Attune.Triggers[reference] = new()
    {
        Id = Attune.NextId(), Ref = reference, Label = reference, Enabled = enabled, WebhookEnabled = webhookKey is not null,
        WebhookKey = webhookKey, IsAdhoc = false, Created = Now, Updated = Now,
    };

    protected Rule AddRule(string reference, bool enabled = true, string conditions = "[]", string triggerRef = "core.webhook") =>
        Attune.Rules[reference] = new Rule
        {
            Id = Attune.NextId(), Ref = reference, PackRef = reference.Split('.')[0], Label = reference,
            ActionRef = "core.echo", Action = 1, TriggerRef = triggerRef, Trigger = 1,
            Condition = ConditionJoin.All, Conditions = FakeAttune.Json(conditions),
            ActionParams = FakeAttune.Json("{}"), TriggerParams = FakeAttune.Json("{}"), Enabled = enabled, IsAdhoc = false, Version = 1,
            Created = Now, Updated = Now,
        };
}
