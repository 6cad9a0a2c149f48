using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Events.Packs;

internal static class PacksApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var packs = api.MapGroup("/packs").WithTags("Packs");
        packs.MapGet("/", ListAsync).WithName("ListPacks").WithSummary("Packs, by reference");
        packs.MapPost("/", CreateAsync).WithName("CreatePack").WithSummary("Make a pack");
        packs.MapGet("/{ref}", FindAsync).WithName("GetPack").WithSummary("A pack with what is in it; secrets of its config are masked");
        packs.MapPut("/{ref}", UpdateAsync)
            .WithName("UpdatePack").WithSummary("Change a pack; what is left out stays, and so does what is masked");
        packs.MapDelete("/{ref}", DeleteAsync).WithName("DeletePack").WithSummary("Delete a pack that nothing is in");
    }

    private static async Task<Envelope<IReadOnlyList<PackSummary>>> ListAsync(IPackRepository packs, CancellationToken cancellationToken) =>
        new(await packs.ListAsync(cancellationToken));

    private static async Task<Envelope<PackAnswer>> FindAsync(
        [FromRoute(Name = "ref")] string reference, IPackRepository packs, CancellationToken cancellationToken) =>
        new(PackAnswer.Of(await packs.FindAsync(reference, cancellationToken) ?? throw Missing(reference)));

    private static async Task<Created<Envelope<PackAnswer>>> CreateAsync(
        PackBody body, IPackRepository packs, CancellationToken cancellationToken)
    {
        var made = await packs.CreateAsync(body.ToPack(body.Ref ?? "", null), cancellationToken);
        return TypedResults.Created(
            $"/api/v1/packs/{Uri.EscapeDataString(made.Pack.Ref)}",
            new Envelope<PackAnswer>(PackAnswer.Of(made), "Pack created successfully"));
    }

    private static async Task<Envelope<PackAnswer>> UpdateAsync(
        [FromRoute(Name = "ref")] string reference, PackBody body, IPackRepository packs, CancellationToken cancellationToken)
    {
        var after = await packs.UpdateAsync(reference, before => body.ToPack(reference, before), cancellationToken) ?? throw Missing(reference);
        return new(PackAnswer.Of(after), "Pack updated successfully");
    }

    private static async Task<Deleted> DeleteAsync(
        [FromRoute(Name = "ref")] string reference, IPackRepository packs, CancellationToken cancellationToken) =>
        await packs.DeleteAsync(reference, cancellationToken)
            ? new Deleted($"Pack '{reference}' deleted successfully") : throw Missing(reference);

    private static RefusedException Missing(string reference) =>
        RefusedException.NotFound($"Pack '{Reference.Shown(reference)}' not found");
}

/// <summary>A pack as a client sends it.</summary>
[TakesBack(typeof(PackAnswer))]
internal sealed record PackBody : IJsonBody<PackBody>
{
    public string? Ref { get; init; }
    public string? Label { get; init; }
    public string? Description { get; init; }
    public string? Version { get; init; }
    public JsonElement? Config { get; init; }

    /// <param name="reference">The pack's reference.</param>
    /// <param name="before">As it is, for what is left out; null for a new one.</param>
    public Pack ToPack(string reference, Pack? before) => new()
    {
        Ref = reference,
        Label = Label ?? before?.Label ?? reference,
        Description = Description ?? before?.Description,
        Version = Version ?? before?.Version ?? Pack.FirstVersion,
        Config = JsonValues.Given(Config) ?? before?.Config,
    };
}

/// <summary>A pack as it is answered.</summary>
internal sealed record PackAnswer(
    string Ref, string Label, string? Description, string Version, JsonElement? Config, DateTimeOffset Created, DateTimeOffset Updated,
    IReadOnlyList<PackMember> Members)
{
    public static PackAnswer Of(PackDetail detail) => new(
        detail.Pack.Ref, detail.Pack.Label, detail.Pack.Description, detail.Pack.Version, detail.Pack.Config, detail.Created,
        detail.Updated, detail.Members);
}
