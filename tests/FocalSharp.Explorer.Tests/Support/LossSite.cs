using FocalSharp.Explorer.Losses;

namespace FocalSharp.Explorer.Tests.Support;

/// <summary>The explorer with the loss pages, on a free port.</summary>
public sealed class LossSite : IAsyncLifetime
{
    private ExplorerHost? _host;

    public static IReadOnlyList<string> Slugs { get; } =
        ["", "focal-loss", "quality-focal-loss", "distribution-focal-loss", "generalized-focal-loss", "box-geometry"];

    public static TheoryData<string> AllPages => [.. Slugs];

    public static TheoryData<string> PlotPages => [.. Slugs.Skip(1)];

    public Uri Address => _host!.Address;

    public async ValueTask InitializeAsync() => _host = await ExplorerHost.StartAsync(new ExplorerOptions { Port = 0 }, [new LossPages()]);

    public ValueTask DisposeAsync() => _host!.DisposeAsync();
}
