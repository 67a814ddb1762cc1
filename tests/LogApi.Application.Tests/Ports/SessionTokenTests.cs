using System.Security.Cryptography;
using System.Text;
using LogApi.Application.Ports;

namespace LogApi.Application.Tests.Ports;

public sealed class SessionTokenTests
{
    [Test]
    public void New_Many_Are43UrlSafeCharactersAndAllDifferent()
    {
        var tokens = Enumerable.Range(0, 1_000).Select(_ => SessionToken.New().Text).ToList();
        Assert.That(tokens, Is.Unique.And.All.Matches("^[A-Za-z0-9_-]{43}$"));
    }

    [Test]
    public void TryParse_OwnToken_HasTheSameDigest()
    {
        var token = SessionToken.New();
        Assert.That(SessionToken.TryParse(token.Text, out var parsed), Is.True);
        Assert.That(parsed!.Digest, Is.EqualTo(token.Digest));
        Assert.That(token.Digest, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token.Text)))));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("short")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase(" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAA")]
    public void TryParse_WhatThisServiceCannotHaveMade_IsRefused(string? text) =>
        Assert.That(SessionToken.TryParse(text, out _), Is.False);

    [Test]
    public void ToString_Always_HidesTheSecret()
    {
        var token = SessionToken.New();
        Assert.That(token.ToString(), Does.Not.Contain(token.Text).And.Not.Contain(token.Digest));
        Assert.That($"{new LogApi.Application.Sessions.Logout.LogoutCommand(token)}", Does.Not.Contain(token.Text));
    }
}
