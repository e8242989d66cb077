namespace FocalSharp.Serving.Http;

/// <summary>Marks routes that are answered without an API key: probes ask them, and nothing of the model is in them.</summary>
internal sealed class AllowWithoutApiKey
{
    public static AllowWithoutApiKey Instance { get; } = new();
}
