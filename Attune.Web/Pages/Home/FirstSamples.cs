using System.Security.Cryptography;
using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Web.Pages.Home;

/// <summary>Something that is ready to be tried.</summary>
/// <param name="Name">The sender; <c>timer</c> for none.</param>
/// <param name="Ref">The trigger, or the rule of the timer, that is made.</param>
/// <param name="Label">What people read.</param>
/// <param name="About">What it brings.</param>
public sealed record FirstSample(string Name, string Ref, string Label, string About);

/// <summary>Makes samples: the trigger with its settings and a secret of its own, and a first event by way of its webhook.</summary>
public sealed class FirstSamples(ITriggerRepository triggers, IWebhookTrials trials, IRuleRepository rules)
{
    private const string Timer = "timer";
    private const int SecondsOfTimer = 10;
    private const int MostOfAName = 20;

    public static IReadOnlyList<FirstSample> All { get; } =
    [
        new("github", "github.workflow", "GitHub", "A workflow has failed"),
        new("stripe", "stripe.invoice", "Stripe", "An invoice was not paid"),
        new("alertmanager", "alertmanager.group", "Alertmanager", "A disk is full"),
        new(Timer, "demo.every_ten_seconds", "A timer", "Ticks every ten seconds"),
    ];

    /// <exception cref="RefusedException">It cannot be made.</exception>
    public async Task MakeAsync(FirstSample sample, Uri site, CancellationToken cancellationToken)
    {
        if (sample.Name == Timer)
        {
            await rules.CreateAsync(
                new()
                {
                    Ref = sample.Ref, Label = sample.About, TriggerRef = "core.interval", ActionRef = "core.echo",
                    TriggerParams = JsonSerializer.SerializeToElement(new { Seconds = SecondsOfTimer }, Db.Json.Options),
                    ActionParams = JsonSerializer.SerializeToElement(new { Message = "{{ event.payload.tick }}" }, Db.Json.Options),
                },
                cancellationToken);
            return;
        }

        var sender = trials.Senders.First(one => one.Name == sample.Name);
        var made = await triggers.CreateAsync(
            new()
            {
                Ref = await FreeAsync(sample.Ref, cancellationToken), Label = sample.About, WebhookEnabled = true,
                Description = $"A sample of what {sender.Label} posts.", WebhookConfig = WithSecret(sender),
            },
            cancellationToken);
        await trials.SendAsync(made.Ref, sender, null, site, cancellationToken);
    }

    private static JsonElement WithSecret(WebhookSender sender)
    {
        var settings = System.Text.Json.Nodes.JsonNode.Parse(sender.Settings.GetRawText())!.AsObject();
        settings["verification"]!["secret"] = RandomNumberGenerator.GetHexString(64, lowercase: true);
        return JsonSerializer.SerializeToElement(settings, Db.Json.Options);
    }

    private async Task<string> FreeAsync(string reference, CancellationToken cancellationToken)
    {
        for (var number = 2; number <= MostOfAName; number++)
        {
            var free = number == 2 ? reference : $"{reference}_{number - 1}";
            if (await triggers.FindAsync(free, cancellationToken) is null)
            {
                return free;
            }
        }

        return reference;
    }
}
