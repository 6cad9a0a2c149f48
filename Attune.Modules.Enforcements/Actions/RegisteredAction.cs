using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Actions.Schemas;

namespace Attune.Modules.Enforcements.Actions;

/// <summary>An action that this host can run, and what is said of it in the catalogue.</summary>
internal sealed class RegisteredAction
{
    /// <summary>How many executions of an action a host runs at once where nothing is said.</summary>
    public const int UsualAtOnce = 200;

    private const int LargestAtOnce = 10_000;

    private RegisteredAction(string reference, Type type)
    {
        Ref = reference;
        Type = type;
    }

    /// <summary>Runs an instance of the action.</summary>
    public delegate Task<JsonElement?> Run(
        object action, JsonElement? parameters, ActionContext context, CancellationToken cancellationToken);

    public string Ref { get; }

    public Type Type { get; }

    /// <summary>Null where nothing is said; then it is made of the reference.</summary>
    public string? Label { get; private init; }

    public string? Description { get; private init; }

    /// <summary>What it takes; null where it takes anything.</summary>
    public JsonElement? ParamSchema { get; private init; }

    public JsonElement? OutSchema { get; private init; }

    public int? TimeoutSeconds { get; private init; }

    public int? MaxRetries { get; private init; }

    /// <summary>How many executions of it a host runs at once.</summary>
    public int MostAtOnce { get; private init; }

    /// <summary>False for one whose row comes with the schema, where people may change it.</summary>
    public bool IsInCatalogue { get; private init; }

    public required Run RunAsync { get; init; }

    /// <summary>Reads from a class what is to be known of it.</summary>
    /// <param name="type">The class.</param>
    /// <param name="reference">Its reference.</param>
    /// <param name="options">What is said beside it.</param>
    /// <param name="isInCatalogue">False for an action whose row comes with the schema.</param>
    /// <exception cref="ArgumentException">It cannot be an action of that reference; the message says why.</exception>
    public static RegisteredAction Of(Type type, string reference, ActionOptions options, bool isInCatalogue = true)
    {
        try
        {
            Reference.Check(reference, "its reference");
            Reference.PackOf(reference, null);
            var contract = Contract(type);
            var action = new RegisteredAction(reference, type)
            {
                RunAsync = Runner(contract),
                Label = type.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName,
                Description = type.GetCustomAttribute<DescriptionAttribute>()?.Description,
                ParamSchema = DerivedSchema.OfParameters(contract[0]),
                OutSchema = contract.Length > 1 ? DerivedSchema.OfResult(contract[1]) : null,
                TimeoutSeconds = options.Timeout is { } timeout
                    ? (int)Math.Clamp(Math.Ceiling(timeout.TotalSeconds), -1, int.MaxValue)
                    : null,
                MaxRetries = options.MaxRetries,
                IsInCatalogue = isInCatalogue,
                MostAtOnce = options.MostAtOnce is >= 1 and <= LargestAtOnce
                    ? options.MostAtOnce
                    : throw new ArgumentException($"MostAtOnce must be between 1 and {LargestAtOnce}."),
            };
            ActionRepository.Check(new()
            {
                Label = action.Label,
                Description = action.Description,
                ParamSchema = action.ParamSchema,
                OutSchema = action.OutSchema,
                TimeoutSeconds = action.TimeoutSeconds,
                MaxRetries = action.MaxRetries,
            });
            return action;
        }
        catch (Exception error) when (error is RefusedException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new ArgumentException($"{type.Name} cannot be the action '{Reference.Shown(reference)}': {error.Message}", error);
        }
    }

    /// <summary>The parameters as the action gets them: with the defaults filled in, and as its schema wants them.</summary>
    /// <param name="parameters">As the execution has them.</param>
    /// <param name="catalogued">The schema that the catalogue has, for an action that says nothing itself.</param>
    /// <exception cref="RefusedException">They are not what the schema wants.</exception>
    public JsonElement? Fit(JsonElement? parameters, JsonElement? catalogued) => ParameterSchema.Fit(ParamSchema ?? catalogued, parameters);

    /// <summary>What the action is called where nothing is said: <c>billing.send_invoice</c> is "Send invoice".</summary>
    public static string LabelOf(string reference)
    {
        var words = reference[(reference.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('_', ' ').Replace('-', ' ').Trim();
        return words.Length == 0 ? reference : CultureInfo.InvariantCulture.TextInfo.ToUpper(words[0]) + words[1..];
    }

    // The type of the parameters, and that of the answer where there is one.
    private static Type[] Contract(Type type) => type.GetInterfaces().Where(IsContract).ToArray() is [var only]
        ? only.GetGenericArguments()
        : throw new ArgumentException("it must implement IAction<TParameters> or IAction<TParameters, TResult>, and one of them only.");

    private static bool IsContract(Type type) => type.IsGenericType
        && (type.GetGenericTypeDefinition() == typeof(IAction<>) || type.GetGenericTypeDefinition() == typeof(IAction<,>));

    private static Run Runner(Type[] contract) => typeof(RegisteredAction)
        .GetMethod(contract.Length > 1 ? nameof(AnswerAsync) : nameof(DoAsync), BindingFlags.Static | BindingFlags.NonPublic)!
        .MakeGenericMethod(contract)
        .CreateDelegate<Run>();

    private static async Task<JsonElement?> DoAsync<TParameters>(
        object action, JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
    {
        await ((IAction<TParameters>)action).RunAsync(ActionJson.Read<TParameters>(parameters), context, cancellationToken);
        return null;
    }

    private static async Task<JsonElement?> AnswerAsync<TParameters, TResult>(
        object action, JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) =>
        ActionJson.Write(await ((IAction<TParameters, TResult>)action).RunAsync(
            ActionJson.Read<TParameters>(parameters), context, cancellationToken));
}
