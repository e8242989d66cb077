namespace FocalSharp.Explorer.Tests.Support;

/// <summary>The collection of tests that share one browser and one explorer with a detector.</summary>
[CollectionDefinition(Name)]
public sealed class DetectorTests : ICollectionFixture<BrowserFixture>, ICollectionFixture<DetectorSite>
{
    public const string Name = "detector";
}
