using System.Net;
using FocalSharp.Serving.Batching;

namespace FocalSharp.Serving.Tests;

public sealed class ServingOptionsTests
{
    [Fact]
    public void The_defaults_are_valid_and_loopback()
    {
        ServingOptions options = new();

        options.Validate();
        Assert.True(options.IsLoopback);
        Assert.Empty(options.ApiKeys);
    }

    public static TheoryData<ServingOptions, string> InvalidOptions => new()
    {
        { new() { Port = 70000 }, "port 70000" },
        { new() { MaxRequests = 0 }, "max requests 0" },
        { new() { RequestTimeout = TimeSpan.Zero }, "timeouts" },
        { new() { ApiKeys = ["short"] }, "API key" },
        { new() { Batching = new BatchingOptions { QueueLimit = 4 } }, "queue limit 4" },
        { new() { Batching = new BatchingOptions { MaxBatch = 0 } }, "max batch 0" },
        { new() { Batching = new BatchingOptions { MaxWait = TimeSpan.FromMinutes(1) } }, "max wait" },
    };

    [Theory]
    [MemberData(nameof(InvalidOptions), DisableDiscoveryEnumeration = true)]
    public void A_wrong_value_is_named(ServingOptions options, string expectedText) =>
        Assert.Contains(expectedText, Assert.Throws<FocalSharpException>(options.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void Addresses_are_read_as_people_write_them()
    {
        Assert.Equal(IPAddress.Loopback, ListenAddress.Parse("localhost"));
        Assert.Equal(IPAddress.Any, ListenAddress.Parse("*"));
        Assert.Equal(IPAddress.IPv6Loopback, ListenAddress.Parse("::1"));
        Assert.Contains("example.com", Assert.Throws<FocalSharpException>(() => ListenAddress.Parse("example.com")).Message, StringComparison.Ordinal);
    }
}
