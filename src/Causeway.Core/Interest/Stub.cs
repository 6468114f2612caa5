#pragma warning disable
namespace Causeway.Core.Interest;
public sealed class InterestSender(InterestTable table, IBlockCompressor? c)
{ public InterestTable Table => table; public bool OnState(ReadOnlySpan<byte> b)=>true; public bool OnReply(ReadOnlySpan<byte> b)=>true; public int TryWrite(Span<byte> r)=>0; public void Disconnected(){} public void Release(){} }
public sealed class InterestReceiver(InterestTable table, IBlockCompressor? c)
{ public string? OnFrame(ReadOnlySpan<byte> b)=>null; public void OnTruncated(ReadOnlySpan<byte> b){} public bool HasReply=>false; public int TryWriteReply(Span<byte> b)=>0; public int WriteState(Span<byte> b)=>0; public bool HasCompletedRound=>false; public void Disconnected(){} }
public sealed partial class InterestTable { public ulong OldestCursor => ulong.MaxValue; }
