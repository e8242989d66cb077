namespace FocalSharp.Explorer.Tests.Support;

/// <summary>The collection of tests that share one browser and one explorer.</summary>
[CollectionDefinition(Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>, ICollectionFixture<LossSite>
{
    public const string Name = "browser";
}
