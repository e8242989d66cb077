namespace FocalSharp.Serving.Http;

/// <summary>Marks the routes for health checks and metrics, which may have a port of their own.</summary>
internal sealed class AdminRoute
{
    public static AdminRoute Instance { get; } = new();
}
