using System.Net;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Hosting;

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
        { new() { Port = 70000 }, "Port 70000" },
        { new() { MaxRequests = 0 }, "MaxRequests 0" },
        { new() { RequestTimeout = TimeSpan.Zero }, "Timeouts" },
        { new() { ApiKeys = ["short"] }, "API key" },
        { new() { Batching = new BatchingOptions { QueueLimit = 4 } }, "QueueLimit 4" },
        { new() { Batching = new BatchingOptions { MaxBatch = 0 } }, "MaxBatch 0" },
        { new() { Batching = new BatchingOptions { MaxWait = TimeSpan.FromMinutes(1) } }, "MaxWait" },
    };

    [Theory]
    [MemberData(nameof(InvalidOptions), DisableDiscoveryEnumeration = true)]
    public void An_invalid_value_is_reported(ServingOptions options, string expectedText) =>
        Assert.Contains(expectedText, Assert.Throws<OptionException>(options.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void Addresses_are_parsed()
    {
        Assert.Equal(IPAddress.Loopback, ListenAddress.Parse("localhost"));
        Assert.Equal(IPAddress.Any, ListenAddress.Parse("*"));
        Assert.Equal(IPAddress.IPv6Loopback, ListenAddress.Parse("::1"));
        Assert.Contains("example.com", Assert.Throws<OptionException>(() => ListenAddress.Parse("example.com")).Message, StringComparison.Ordinal);
    }
}
