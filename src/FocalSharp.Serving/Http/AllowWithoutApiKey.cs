namespace FocalSharp.Serving.Http;

/// <summary>Marks routes that need no API key: probes use them, and they reveal nothing about the model.</summary>
internal sealed class AllowWithoutApiKey
{
    public static AllowWithoutApiKey Instance { get; } = new();
}
