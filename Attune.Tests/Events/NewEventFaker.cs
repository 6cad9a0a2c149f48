using System.Text.Json;
using Attune.Modules.Events;
using Bogus;

namespace Attune.Tests.Events;

/// <summary>Events of an imaginary shop, the same ones in every run.</summary>
internal sealed class NewEventFaker : Faker<NewEvent>
{
    public NewEventFaker(string triggerRef = "core.webhook")
    {
        UseSeed(20260131);
        CustomInstantiator(fake => new NewEvent
        {
            TriggerRef = triggerRef,
            SourceRef = fake.PickRandom("shop", "till", "warehouse"),
            Payload = JsonSerializer.SerializeToElement(new
            {
                Order = fake.Random.Int(1, 1_000_000),
                Customer = fake.Name.FullName(),
                Note = fake.Lorem.Sentence(),
                Lines = fake.Make(3, () => new { Sku = fake.Commerce.Ean8(), Price = fake.Finance.Amount() }),
            }, Json.Options),
        });
    }
}
